// A site that takes part by Kafka alone: it sends a user's clicks, reads the recommendations, and reports a click on one of them.
const usage = 'Usage: node site.js [HOST:PORT,...] [USER] [ITEM...]   (ITEMs of your catalogue that USER clicks; else three of the demo)';
const { Kafka, Partitioners, logLevel } = require('kafkajs');

const [brokers = process.env.KAFKA || 'localhost:9092', user = `visitor-${Date.now()}`, ...items] = process.argv.slice(2);
if (!brokers.split(',').every(broker => /^.+:\d+$/.test(broker))) {
  console.error(/^--?h/.test(brokers) ? usage : `site.js: '${brokers}' is not HOST:PORT,... ${usage}`);
  process.exit(2);
}
const clicked = items.length > 0 ? items : ['85123A', '22423', '47566'];
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
const seen = { list: false, outcome: false };   // the list after that click, and the outcome that it became

function sendClicks(...clicks) {
  return producer.send({
    topic: topic('clicks'),
    messages: clicks.map(click => ({ key: user, value: JSON.stringify({ user, time: new Date().toISOString(), ...click }) })),
  });
}

// The user clicks on the first item of the first list.
async function onRecommendation(recommendation) {
  newest.set(recommendation.user, recommendation);
  if (recommendation.user !== user) return;
  const listed = recommendation.items.map(place => place.item);
  // A fallback is what is popular: the version knows none of the items that the user clicked.
  const how = recommendation.fallback ? `${recommendation.version} (fallback: ${recommendation.fallback})` : recommendation.version;
  console.log(`${how} recommends to ${user}: ${listed.slice(0, 5).join(' ')} ...`);
  seen.list = answered !== undefined;
  if (answered) return;
  answered = recommendation.id;
  await sendClicks({ item: listed[0], type: 'click', recommendation: answered });
  console.log(`${user} clicked ${listed[0]} of recommendation ${answered}`);
}

function onOutcome(outcome) {
  if (outcome.recommendation !== answered) return;
  seen.outcome = true;
  console.log(`outcome: ${outcome.item} at rank ${outcome.rank} of ${outcome.recommendation}, ${outcome.delay} s after it`);
}

async function run() {
  await Promise.all([producer.connect(), consumer.connect()]);
  // From the beginning at the group's first start, so that no list is missed while it joins; later from where it left off.
  await consumer.subscribe({ topics: [topic('recommendations'), topic('outcomes')], fromBeginning: true });
  const finished = new Promise((finish, fail) => {
    consumer.on(consumer.events.CRASH, crash => fail(crash.payload.error));
    const silence = new Error(`no recommendation for ${user} within ${patience} s; do workers run on ${brokers}, in this namespace?`);
    setTimeout(() => fail(silence), patience * 1000);
    consumer.run({
      eachMessage: async ({ topic: from, message }) => {
        const event = JSON.parse(message.value);
        if (from === topic('outcomes')) onOutcome(event);
        else await onRecommendation(event);
        if (seen.list && seen.outcome) finish();
      },
    }).catch(fail);
  });
  await sendClicks(...clicked.map(item => ({ item })));
  console.log(`${user} clicked ${clicked.join(' ')}`);
  await finished;
  console.log(`read the recommendations of ${newest.size} users`);
}

run()
  .catch(failure => { console.error(`site.js: ${failure.message}`); process.exitCode = 1; })
  .finally(() => Promise.allSettled([consumer.disconnect(), producer.disconnect()]).then(() => process.exit()));
