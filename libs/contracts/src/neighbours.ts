import { z } from 'zod';

/** Chunks on either side of a result that become part of its text. */
export const neighbours = z.int().min(0).max(5);
