import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Nest on our Fastify instance, whose errors and unknown routes are answered from the error table already. */
export class NestHttpAdapter extends FastifyAdapter {
  override setErrorHandler(): this['instance'] {
    return this.instance;
  }
  override setNotFoundHandler(): this['instance'] {
    return this.instance;
  }
}
