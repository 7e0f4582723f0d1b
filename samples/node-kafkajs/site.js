// A site that takes part by Kafka alone: it sends a user's clicks, reads the recommendations, and reports a click on one of them.
//   node site.js [HOST:PORT,...] [USER]
const { Kafka, Partitioners, logLevel } = require('kafkajs');

const [brokers = process.env.KAFKA || 'localhost:9092', user = `visitor-${Date.now()}`] = process.argv.slice(2);
const topic = name => (process.env.ILORA__Namespace || '') + name;
const patience = 120;   // seconds

// Failures reach this program as rejected calls and by consumer.events.CRASH.
const kafka = new Kafka({ clientId: 'node-site', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
// The Java clients' partitioner (murmur2 of the key), which ours is too: a user's clicks must stay in one partition, whoever sends them.
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
// Kafka answers a fetch as soon as there is something; the embedded one of ilora-local only when this time is over.
const consumer = kafka.consumer({ groupId: topic('node-site'), maxWaitTimeInMs: 200, allowAutoTopicCreation: false });

const newest = new Map();   // what pages show: user -> the newest recommendation
let answered;               // the id of the recommendation that the user clicked on

function sendClicks(...clicks) {
  return producer.send({
    topic: topic('clicks'),
    messages: clicks.map(click => ({ key: user, value: JSON.stringify({ user, time: new Date().toISOString(), ...click }) })),
  });
}

// The user clicks on the first item of the first list; the list after that click ends the program.
async function onRecommendation(recommendation) {
  newest.set(recommendation.user, recommendation);
  if (recommendation.user !== user) return false;
  const items = recommendation.items.map(place => place.item);
  console.log(`${recommendation.version} recommends to ${user}: ${items.slice(0, 5).join(' ')} ...`);
  if (answered) return true;
  answered = recommendation.id;
  await sendClicks({ item: items[0], type: 'click', recommendation: answered });
  console.log(`${user} clicked ${items[0]} of recommendation ${answered}`);
  return false;
}

async function run() {
  await Promise.all([producer.connect(), consumer.connect()]);
  // From the beginning at the group's first start, so that no list is missed while it joins; later from where it left off.
  await consumer.subscribe({ topic: topic('recommendations'), fromBeginning: true });
  const finished = new Promise((finish, fail) => {
    consumer.on(consumer.events.CRASH, crash => fail(crash.payload.error));
    const silence = new Error(`no recommendation for ${user} within ${patience} s; do workers run on ${brokers}, in this namespace?`);
    setTimeout(() => fail(silence), patience * 1000);
    consumer.run({ eachMessage: async ({ message }) => { if (await onRecommendation(JSON.parse(message.value))) finish(); } }).catch(fail);
  });
  await sendClicks({ item: '85123A' }, { item: '22423' }, { item: '47566' });
  console.log(`${user} clicked 85123A 22423 47566`);
  await finished;
  console.log(`read the recommendations of ${newest.size} users`);
}

run()
  .catch(failure => { console.error(`site.js: ${failure.message}`); process.exitCode = 1; })
  .finally(() => Promise.allSettled([consumer.disconnect(), producer.disconnect()]).then(() => process.exit()));
