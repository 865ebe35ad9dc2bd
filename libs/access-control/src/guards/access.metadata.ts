import type { ExecutionContext } from '@nestjs/common';
import { type AccessMetadata, type AccessRequirement, accessRequirement } from './access-requirement.js';

const ACCESS_METADATA = 'gatehouse:access';

type Target = object;

/** A decorator for handlers and classes that adds to what is said there. */
export function addAccess(metadata: AccessMetadata): MethodDecorator & ClassDecorator {
  return (target: Target, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place: Target = (descriptor?.value as Target | undefined) ?? target;
    Reflect.defineMetadata(ACCESS_METADATA, { ...readAccess(place), ...metadata }, place);
  };
}

/** What was said on a handler or a class. */
export function readAccess(place: Target): AccessMetadata {
  return (Reflect.getMetadata(ACCESS_METADATA, place) as AccessMetadata | undefined) ?? {};
}

const requirements = new WeakMap<Target, WeakMap<Target, AccessRequirement>>();

/** What a request to this handler must fulfil. Decorators do not change after the start: it is read once. */
export function requirementOf(handler: Target, controller: Target): AccessRequirement {
  let ofController = requirements.get(controller);
  if (ofController === undefined) {
    ofController = new WeakMap();
    requirements.set(controller, ofController);
  }
  let requirement = ofController.get(handler);
  if (requirement === undefined) {
    requirement = accessRequirement(readAccess(handler), readAccess(controller));
    ofController.set(handler, requirement);
  }
  return requirement;
}

/** What the request that a guard is asked about must fulfil. */
export const requirementOfContext = (context: ExecutionContext): AccessRequirement =>
  requirementOf(context.getHandler(), context.getClass());
