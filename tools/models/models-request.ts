export interface ModelsRequest {
  /** Catalogue names; none: the models that the settings name. */
  readonly names: readonly string[];
  /** The result on stdout is JSON; everything else goes to stderr. */
  readonly json: boolean;
  readonly signal: AbortSignal;
}
