export { HealthDetails } from './health/health.details.js';
export { HealthModule } from './health/health.module.js';
export { MetricsModule } from './metrics/metrics.module.js';
export { ProcessMetrics } from './metrics/process.metrics.js';
export { addScrapedGauge } from './metrics/scraped-gauge.js';
export { CurrentRequest, type RequestContext } from './request-context.decorator.js';
export { StartGate } from './health/start.gate.js';
export { createOpenApiDocument } from './openapi.document.js';
export {
  createService,
  type ServiceDefinition,
  type ServiceEnvironment,
  startService,
} from './service.factory.js';
export { createPino, ServiceLogger } from './service.logger.js';
export { createValidationPipe } from './validation.pipe.js';
