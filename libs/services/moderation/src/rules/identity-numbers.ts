import { shapes } from '../engine/shapes.ts';
import { identityFormats } from './identity-formats.ts';

/** Numbers of persons, by country. */
export const identityNumbers = shapes('pii/identity-number', 0.8, Object.values(identityFormats).flat());
