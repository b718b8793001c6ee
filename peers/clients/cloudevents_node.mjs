// cloudevents for JavaScript: one event to a request, binary and structured in turn, sent again until it is taken.
import { CloudEvent, HTTP } from 'cloudevents'

const [host, key, prefix, count] = process.argv.slice(2)
const problems = []
const rest = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

async function send(n) {
  const event = new CloudEvent({
    id: `${prefix}-${n}`,
    source: 'peers',
    type: 'message.received',
    subject: `email:${prefix}${n % 7}@peers.example`,
    data: { channel: 'email', text: `Question ${n}: what does the plan cost?` },
  })
  const { headers, body } = n % 2 ? HTTP.structured(event) : HTTP.binary(event)
  for (let tries = 0; tries < 40; tries++) {
    try {
      const answer = await fetch(`${host}/v1/cloudevents`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${key}` },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      if (answer.ok) return
      await rest(Number(answer.headers.get('retry-after') ?? 0.2))
    } catch {
      await rest(0.2)
    }
  }
  problems.push(`${n}: never taken`)
}

for (let n = 0; n < Number(count); n++) await send(n)
console.log(JSON.stringify({ sent: Number(count), problems }))
