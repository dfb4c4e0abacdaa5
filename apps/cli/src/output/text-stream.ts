/** What the CLI needs of stdout and stderr. */
export interface TextStream {
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}
