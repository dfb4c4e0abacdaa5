import { declaredTopics, loadSettings } from '@millrace/composition';
import { help, readOptions, type Options } from './options.ts';
import { isSettled, reportText } from './report.ts';

/** What is wrong with what was typed or set: the reader can mend it. */
function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}

function options(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return refuse(`${(error as Error).message}\n\n${help}`);
  }
}

const { command, may, json, help: wantsHelp } = options();
if (wantsHelp) {
  console.log(help);
  process.exit(0);
}
const settings = loadSettings();
if (settings.problems.length > 0)
  refuse(settings.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'));
const topics =
  declaredTopics(settings) ?? refuse('MILLRACE_KAFKA_BROKERS: say where Kafka is, host:port[,host:port].');
try {
  const reports = await (command === 'apply' ? topics.apply(may) : topics.describe());
  console.log(json ? JSON.stringify(reports, null, 2) : reportText(reports));
  process.exitCode = isSettled(reports) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await topics.close();
}
