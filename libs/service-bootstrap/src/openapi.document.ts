import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI document of a service, from its routes and the schemas that validate them. */
export function createOpenApiDocument(app: NestFastifyApplication, title: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'client');
  return SwaggerModule.createDocument(app, config.build());
}

/** Serves the document at `path`, made once, when it is first asked for. */
export function serveOpenApi(app: NestFastifyApplication, title: string, path: string): void {
  let document: OpenAPIObject | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get(path, (_request, reply) => {
      document ??= createOpenApiDocument(app, title);
      void reply.header('cache-control', 'public, max-age=300').send(document);
    });
}
