import type { Detector } from '../engine/detector.ts';
import { bankAccounts } from './bank-accounts.ts';
import { credentials } from './credentials.ts';
import { datesOfBirth } from './dates-of-birth.ts';
import { harassment, hate, threateningHate } from './hostility.ts';
import { identityNumbers } from './identity-numbers.ts';
import { embeddedInstructions, injections } from './injected-instructions.ts';
import { minors, minorsPlainly } from './minors.ts';
import { paymentCards } from './payment-cards.ts';
import { emailAddresses, ipAddresses, namedPhoneNumbers, phoneNumbers } from './personal-data.ts';
import { privateKeys } from './private-keys.ts';
import { knownKeys } from './secrets.ts';
import { selfHarm, selfHarmInstructions, selfHarmIntent } from './self-harm.ts';
import { sexual } from './sexual.ts';
import { graphicViolence, threats, violence } from './violence.ts';

/** Everything that is looked for. A new concern is a file and a line here. */
export const detectors: readonly Detector[] = [
  paymentCards,
  bankAccounts,
  knownKeys,
  credentials,
  privateKeys,
  minors,
  minorsPlainly,
  selfHarmInstructions,
  selfHarmIntent,
  selfHarm,
  sexual,
  violence,
  graphicViolence,
  hate,
  threateningHate,
  harassment,
  threats,
  emailAddresses,
  phoneNumbers,
  namedPhoneNumbers,
  ipAddresses,
  identityNumbers,
  datesOfBirth,
  injections,
  embeddedInstructions,
];
