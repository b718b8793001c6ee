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
const all = []
for (let n = 0; n < Number(count); n++) {
  const who = `${prefix}${n % 7}@peers.example`
  const message = {
    userId: who,
    event: 'Plan Viewed',
    properties: { n },
    messageId: `${prefix}-${n}`,
    context: { traits: { email: who } },
  }
  all.push(new Promise((sent) => client.track(message, (error) => sent(error && problems.push(String(error))))))
}
await Promise.all(all)
console.log(JSON.stringify({ sent: Number(count), problems }))
process.exit(0)
