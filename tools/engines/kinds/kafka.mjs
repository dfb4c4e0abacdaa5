import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find, need, run } from '../programs.mjs';
import { brokersAt, servesGroupsAt } from './kafka-questions.mjs';

const release = { kafka: '4.4.0', log4j: '2.25.5' };
const cluster = 'bWlsbHJhY2UtbG9jYWwtMQ';

/** Small and quick to start: about 250 MB. */
const jvm = [
  ...['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
  ...['-XX:MaxMetaspaceSize=128m', '-XX:ReservedCodeCacheSize=48m', '-Dlog4j2.level=WARN'],
];

const jars = (bin) => join(bin, release.kafka);
const classPath = (jars) => ['-cp', `${jars}/*`];
const properties = (data) => join(data, 'server.properties');
/** Where the image has them. */
const jarsInside = '/opt/kafka/libs';

/** One broker that is its own controller (KRaft), from the jars on Maven. */
export const kafka = /** @type {import('../kinds.mjs').Kind} */ ({
  name: 'kafka',
  title: `Kafka ${release.kafka}`,
  port: 29_092,
  ports: (port) => [port, port + 1],

  provisioned: ({ bin }) => existsSync(jars(bin)) && find('java') !== undefined,

  async provision({ bin }, report) {
    await need('java', report);
    if (existsSync(jars(bin))) return;
    await need('mvn', report);
    report('fetching its jars, 43 MB');
    await writeFile(join(bin, 'pom.xml'), pom);
    const fetched = `${jars(bin)}.new`;
    await rm(fetched, { recursive: true, force: true });
    const goal = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    await run('mvn', [...goal, `-DoutputDirectory=${fetched}`], { cwd: bin });
    await rename(fetched, jars(bin));
  },

  async prepare({ bin, data, port }) {
    await mkdir(join(data, 'log'), { recursive: true });
    await writeFile(properties(data), settings(data, port, '127.0.0.1'));
    if (!isFormatted(data)) await run('java', [...jvm, ...classPath(jars(bin)), ...format(data)]);
  },

  command: ({ bin, data, port }) => ({
    command: 'java',
    args: [...jvm, ...classData({ bin, port }), ...classPath(jars(bin)), ...serve(data)],
  }),

  async ready({ port }) {
    if ((await brokersAt(port)) === 0) throw new Error('no broker takes part yet');
    await servesGroupsAt(port);
  },

  async stopped(place) {
    const { fresh, archive } = classArchive(place);
    if (existsSync(fresh)) await rename(fresh, archive);
  },

  coordinates: ({ port }) => ({ brokers: [`127.0.0.1:${port}`] }),

  /** Past its entrypoint: with the same settings as natively. */
  image: {
    async prepare({ data, port }, inside, run) {
      await writeFile(properties(data), settings(inside.data, port, '0.0.0.0'));
      const args = [...jvm, ...classPath(jarsInside), ...format(inside.data)];
      if (!isFormatted(data)) await run({ entrypoint: 'java', args });
    },
    command: ({ data }) => ({ entrypoint: 'java', args: [...jvm, ...classPath(jarsInside), ...serve(data)] }),
  },
});

const isFormatted = (data) => existsSync(join(data, 'log/meta.properties'));
const format = (data) => [
  ...['kafka.tools.StorageTool', 'format', '--standalone', '-t', cluster, '-c', properties(data)],
];
const serve = (data) => ['kafka.Kafka', properties(data)];

/** Quick to see a broker or a consumer gone; topics are made by `millrace topics apply` only. */
const settings = (data, port, address) =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://${address}:${port},CONTROLLER://127.0.0.1:${port + 1}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${port + 1}`,
    'log.dirs': join(data, 'log'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const dependency = (group, artifact, version) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const pom = `<project>
<modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>engines</artifactId><version>1</version>
<dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', release.kafka)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', release.log4j)}
</dependencies></project>
`;

/** Written by the first regular end, and by nothing else: a start with it takes half as long. */
const classArchive = ({ bin, port }) => {
  const archive = join(bin, `classes-${release.kafka}.jsa`);
  return { archive, fresh: `${archive}.${port}.new` };
};

function classData(place) {
  const { archive, fresh } = classArchive(place);
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [`-XX:ArchiveClassesAtExit=${fresh}`];
}
