/** Where `millrace models pull` puts models for a checkout: tests of real models read them there, or are not run. */
export const modelsDir = new URL('../../../.millrace/models/', import.meta.url);
