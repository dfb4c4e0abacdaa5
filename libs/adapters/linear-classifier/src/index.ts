export { LinearClassifier } from './linear-classifier.ts';
export { LinearModel } from './linear-model.ts';
export { quantised, type Head, type Part, type Weights } from './weights.ts';
export { readWeights, writeWeights, type WeightsFile } from './weights-file.ts';
export { centred } from './centred.ts';
