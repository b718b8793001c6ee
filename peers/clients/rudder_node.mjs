// @rudderstack/rudder-sdk-node, as its users run it: tracks numbered events and waits until all are sent.
import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const [host, key, prefix, count] = process.argv.slice(2)
const problems = []
const client = new RudderAnalytics(key, {
  dataPlaneUrl: host,
  flushAt: 20,
  flushInterval: 100,
  retryCount: 12,
  logLevel: 'error',
})
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
// One flush sends one batch; a batch that failed for good is a problem, the next flush goes on with the rest.
do {
  await client.flush().catch((error) => problems.push(String(error)))
} while (client.queue.length > 0)
await client.flush()
console.log(JSON.stringify({ sent: Number(count), problems }))
process.exit(0)
