import { startGateway } from './start-gateway.ts';

await startGateway(new URL('../../', import.meta.url));
