import type { Measurement } from '../measurement.ts';
import { calls } from './calls.ts';
import { embedding } from './embedding.ts';
import { embeddingMemory } from './embedding-memory.ts';
import { eventLog } from './event-log.ts';
import { fairness } from './fairness.ts';
import { files } from './files.ts';
import { followUps } from './follow-ups.ts';
import { gateway } from './gateway.ts';
import { groundedness } from './groundedness.ts';
import { leak } from './leak.ts';
import { moderation } from './moderation.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { pipeline } from './pipeline.ts';
import { qa } from './qa.ts';
import { quota } from './quota.ts';
import { replicas } from './replicas.ts';
import { retrieval } from './retrieval.ts';
import { routing } from './routing.ts';
import { search } from './search.ts';
import { graph } from './graph.ts';
import { modelSwitch } from './switch.ts';
import { disconnects, faultWall, killWall, outages, poison, rollingRestart } from './trials.ts';
import { weakRetrieval } from './weak-retrieval.ts';

/** Every named measurement. A new one is a file here and a line in this list. */
export const measurements: readonly Measurement[] = [
  pipeline,
  replicas,
  embedding,
  embeddingMemory,
  graph,
  search,
  retrieval,
  qa,
  weakRetrieval,
  groundedness,
  followUps,
  files,
  gateway,
  leak,
  routing,
  quota,
  fairness,
  moderation,
  killWall,
  faultWall,
  disconnects,
  outages,
  poison,
  rollingRestart,
  eventLog,
  calls,
  noisyNeighbour,
  modelSwitch,
];
