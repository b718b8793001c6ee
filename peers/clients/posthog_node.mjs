// posthog-node, as its users run it: captures numbered events and waits until all are sent.
import { createHash } from 'node:crypto'
import { PostHog } from 'posthog-node'

const [host, key, prefix, count] = process.argv.slice(2)
const problems = []
const client = new PostHog(key, {
  host,
  flushAt: 20,
  maxBatchSize: 20,
  flushInterval: 100,
  fetchRetryCount: 20,
  fetchRetryDelay: 200,
})
client.on('error', (error) => problems.push(String(error)))
for (let n = 0; n < Number(count); n++) {
  const who = `${prefix}${n % 7}@peers.example`
  const hex = createHash('sha256').update(`${prefix}-${n}`).digest('hex')
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  client.capture({ distinctId: who, event: 'Plan Viewed', properties: { n, email: who }, uuid })
}
await client.shutdown(170_000)
console.log(JSON.stringify({ sent: Number(count), problems }))
process.exit(0)
