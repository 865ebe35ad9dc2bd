import { Injectable, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { requirementOf } from './access.metadata.js';
import type { AccessRequirement } from './access-requirement.js';

/** One route or message handler and what it asks of its callers. */
export interface ExploredHandler {
  kind: 'http' | 'message';
  controller: string;
  handler: string;
  requirement: AccessRequirement;
}

type Handler = (...args: never[]) => unknown;

/** Lists every route and message handler of the application with what it asks, for reviews and for tests. */
@Injectable()
export class AccessExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  handlers(): ExploredHandler[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const controller = metatype as Type | null;
      const prototype = controller?.prototype as Record<string, Handler> | undefined;
      if (controller === null || prototype === undefined) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        const kind = handler === undefined ? undefined : kindOf(handler);
        if (handler === undefined || kind === undefined) return [];
        return [
          {
            kind,
            controller: controller.name,
            handler: name,
            requirement: requirementOf(handler, controller),
          },
        ];
      });
    });
  }
}

function kindOf(handler: Handler): ExploredHandler['kind'] | undefined {
  if (Reflect.hasMetadata(PATTERN_METADATA, handler)) return 'message';
  return Reflect.hasMetadata(PATH_METADATA, handler) ? 'http' : undefined;
}
