import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { patternsOf } from './messages.mjs';

/** The controller of a replica, the same for both transports: notes each message and answers with what it was sent. */
export function controllerOf(service, handled) {
  const { request, event } = patternsOf(service);
  class NotesController {
    ask(payload) {
      handled.note(payload.n);
      return payload;
    }

    written(payload) {
      handled.note(payload.n);
    }
  }
  decorate(NotesController, 'ask', MessagePattern(request));
  decorate(NotesController, 'written', EventPattern(event));
  Controller()(NotesController);
  return NotesController;
}

function decorate({ prototype }, method, decorator) {
  Payload()(prototype, method, 0);
  decorator(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
}
