/** The categories of the set that is trained on, by the names that OpenAI gives them now. */
export const categoryOf = {
  S: 'sexual',
  H: 'hate',
  V: 'violence',
  HR: 'harassment',
  SH: 'self-harm',
  S3: 'sexual/minors',
  H2: 'hate/threatening',
  V2: 'violence/graphic',
} as const;

export const categories = Object.values(categoryOf);
export type Category = (typeof categories)[number];

export interface Example {
  readonly text: string;
  /** Of what is not here nobody knows: it is neither trained on nor counted. */
  readonly labels: Partial<Record<Category, boolean>>;
  /** By the embedding model. */
  readonly vector: ArrayLike<number>;
}

export const isUnsafe = ({ labels }: Example): boolean => categories.some((category) => labels[category]);

/** Known to be of no category. */
export const isHarmless = ({ labels }: Example): boolean =>
  categories.every((category) => labels[category] === false);
