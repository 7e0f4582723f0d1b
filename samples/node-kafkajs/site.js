// A site that takes part by Kafka alone: it sends a user's clicks, reads the recommendations, and reports a click on one of them.
//   node site.js [HOST:PORT] [USER]
const { Kafka, Partitioners, logLevel } = require('kafkajs');

const [broker = process.env.KAFKA || 'localhost:9092', user = `node-${Date.now()}`] = process.argv.slice(2);
const namespace = process.env.ILORA__Namespace || '';
const topic = name => namespace + name;
const patience = 120_000;

const kafka = new Kafka({ clientId: 'node-site', brokers: broker.split(','), logLevel: logLevel.ERROR });
// The partitioner of the Java clients (murmur2 of the key): a user's clicks must stay in one partition, whoever sends them.
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
// A broker answers as soon as there is something; the embedded one of ilora-local only when this time is over.
const consumer = kafka.consumer({ groupId: topic('node-site'), maxWaitTimeInMs: 200, allowAutoTopicCreation: false });

// What a page would show: the newest list of each user.
const newest = new Map();
const shown = new Map();   // recommendation id -> the item that was clicked on it

async function sendClicks(clicks) {
  await producer.send({
    topic: topic('clicks'),
    messages: clicks.map(click => ({ key: user, value: JSON.stringify({ user, time: new Date().toISOString(), ...click }) })),
  });
}

// The first list is answered by a click on its first item; the list after that click is the last one that this program waits for.
async function onRecommendation(recommendation) {
  newest.set(recommendation.user, recommendation);
  if (recommendation.user !== user) return false;
  console.log(`recommended to ${user} by ${recommendation.version}: ${recommendation.items.slice(0, 5).map(place => place.item).join(', ')}`);
  if (shown.size > 0) return true;
  const { item } = recommendation.items[0];
  shown.set(recommendation.id, item);
  await sendClicks([{ item, type: 'click', recommendation: recommendation.id }]);
  console.log(`${user} clicked ${item}, the first item of recommendation ${recommendation.id}`);
  return false;
}

async function run() {
  let finish, give;
  const finished = new Promise((resolve, reject) => { finish = resolve; give = reject; });
  const timer = setTimeout(() => give(new Error(`no answer to the clicks of ${user} in ${patience / 1000} s; do the workers run on ${broker}, under the same ILORA__Namespace?`)), patience);
  await Promise.all([producer.connect(), consumer.connect()]);
  // From the beginning at the group's first start, so that no list is missed between joining and reading; later from where it left off.
  await consumer.subscribe({ topic: topic('recommendations'), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => { if (await onRecommendation(JSON.parse(message.value.toString()))) finish(); },
  });
  await sendClicks([{ item: '85123A' }, { item: '22423' }, { item: '47566' }]);
  console.log(`${user} clicked 85123A, 22423, 47566`);
  await finished;
  clearTimeout(timer);
  console.log(`done; lists of ${newest.size} users were read`);
}

run()
  .catch(failure => { console.error(`node-site: ${failure.message}`); process.exitCode = 1; })
  .finally(() => Promise.all([consumer.disconnect(), producer.disconnect()]).finally(() => process.exit()));
