export { hear, type HeardAnswer } from './heard-answer.ts';
export type { LeakCase } from './leak-case.ts';
export { leakCases, strictLeakCases, strictPolicy } from './leak-cases.ts';
export { proveNoLeaks, type LeakProof } from './leak-proof.ts';
export { everyCut, randomCuts, type LeakRun } from './leak-runs.ts';
export { ProvenMillrace, type OwnPorts } from './proven-millrace.ts';
export { ScriptedModel } from './scripted-model.ts';
export { RecordingEventLog } from './recording-event-log.ts';
