#!/usr/bin/env bash
# What `make peers` needs besides .venv: Postfix and Dovecot from Debian, Node, and the clients from their registries.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v postfix >/dev/null || missing+=(postfix)
command -v dovecot >/dev/null || missing+=(dovecot-imapd dovecot-lmtpd)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if ((${#missing[@]})); then
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "make peers needs ${missing[*]}: run it as root on Debian, or install them first" >&2
    exit 1
  fi
  # Nothing that is installed here may start by itself.
  [[ -e /usr/sbin/policy-rc.d ]] || install -m 755 <(printf '#!/bin/sh\nexit 101\n') /usr/sbin/policy-rc.d
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
if [[ $(id -u) != 0 ]]; then
  echo "make peers needs root: Postfix and Dovecot start as root and give it up themselves" >&2
  exit 1
fi

"${PYTHON:-python3}" -m venv --without-pip .peers
"${PYTHON:-python3}" -m pip --python .peers/bin/python install --quiet --require-hashes -r peers/requirements.lock
npm ci --prefix peers --ignore-scripts --no-fund --no-audit --loglevel=error
