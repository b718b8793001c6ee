// @segment/analytics-node, as its users run it: tracks numbered events and waits until all are sent.
import { Analytics } from '@segment/analytics-node'

const [host, key, prefix, count] = process.argv.slice(2)
const problems = []
const client = new Analytics({ writeKey: key, host, flushAt: 20, flushInterval: 100, maxRetries: 20 })
client.on('error', (error) => problems.push(String(error.reason ?? error.code ?? error)))
for (let n = 0; n < Number(count); n++) {
  const who = `${prefix}${n % 7}@peers.example`
  client.track({
    userId: who,
    event: 'Plan Viewed',
    properties: { n },
    messageId: `${prefix}-${n}`,
    context: { traits: { email: who } },
  })
}
await client.closeAndFlush({ timeout: 170_000 })
console.log(JSON.stringify({ sent: Number(count), problems }))
process.exit(0)
