import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Stop } from '../toolchain/stop.mjs';
import { fetchWith, isInstalled } from './fetching.mjs';

const release = { kafka: '4.4.0', log4j: '2.25.5' };
const cluster = 'bWlsbHJhY2UtbG9jYWwtMQ';
const jvm = [
  ...['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
  ...['-XX:MaxMetaspaceSize=128m', '-XX:ReservedCodeCacheSize=48m', '-Dlog4j2.level=WARN'],
];

const jars = (bin) => join(bin, 'jars');
const properties = (data) => join(data, 'server.properties');

/** One broker that is its own controller (KRaft), from the jars on Maven. */
export const kafka = /** @type {import('./kinds.mjs').Kind} */ ({
  name: 'kafka',
  port: 29_092,

  async provision({ bin }, report) {
    if (existsSync(join(jars(bin), `kafka_2.13-${release.kafka}.jar`))) return;
    for (const needed of ['java', 'mvn'])
      if (!(await isInstalled(needed))) throw new Stop(`Kafka needs ${needed}: apt-get install maven`);
    report('fetching Kafka');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'pom.xml'), pom);
    const goal = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    await fetchWith('mvn', [...goal, `-DoutputDirectory=${jars(bin)}`], { cwd: bin });
  },

  async prepare({ bin, data, port }) {
    await mkdir(join(data, 'log'), { recursive: true });
    await writeFile(properties(data), settings(data, port));
    if (existsSync(join(data, 'log/meta.properties'))) return;
    const format = ['format', '--standalone', '-t', cluster, '-c', properties(data)];
    await fetchWith('java', [...jvm, '-cp', `${jars(bin)}/*`, 'kafka.tools.StorageTool', ...format]);
  },

  command: ({ bin, data }) => ({
    command: 'java',
    args: [...jvm, '-cp', `${jars(bin)}/*`, 'kafka.Kafka', properties(data)],
  }),

  coordinates: ({ port }) => ({ brokers: [`127.0.0.1:${port}`] }),
});

/** Quick to see a broker or a consumer gone; topics are made by `millrace topics apply` only. */
const settings = (data, port) =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}`,
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

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>engines</artifactId><version>1</version>
<dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', release.kafka)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', release.log4j)}
</dependencies></project>
`;
