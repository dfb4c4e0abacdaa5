import { straight } from './straight.ts';

/** A name from outside, apart from the direction of what stands beside it. */
export const Name = ({ of }: { readonly of: string }) => <bdi>{straight(of)}</bdi>;
