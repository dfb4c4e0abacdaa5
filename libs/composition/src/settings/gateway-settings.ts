import { services, type ServiceName } from '@millrace/contracts';
import { defineSettings } from '@millrace/platform';
import { z } from 'zod';

const urls = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((url) => url.trim()))])
  .pipe(z.array(z.url()).min(1));

const addressOf = (service: ServiceName) => ({
  schema: urls.default([`http://${service}:8080`]),
  reason: `Where the gateway finds the replicas of ${service}: URLs, separated by commas.`,
});

type Fields = Record<ServiceName, ReturnType<typeof addressOf>>;

/** The defaults are the names that the services have in Kubernetes and in compose. */
export const gatewaySettings = defineSettings(
  'gateway',
  Object.fromEntries(services.map((service) => [service, addressOf(service)])) as Fields,
);
