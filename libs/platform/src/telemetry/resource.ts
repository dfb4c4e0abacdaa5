import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';

/** What traces and metrics say they come from. */
export const resourceOf = (service: string): Resource =>
  resourceFromAttributes({ 'service.name': `millrace-${service}`, 'service.namespace': 'millrace' });
