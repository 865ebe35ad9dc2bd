import { z } from 'zod';

export const CreateProjectBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** What a provider is asked to summarise. */
  text: z.string().max(10_000).default(''),
  /** Whether everybody sees it, guests too. */
  shared: z.boolean().default(false),
});
export type CreateProjectBody = z.infer<typeof CreateProjectBody>;

export const ProjectId = z.string().toLowerCase().pipe(z.uuid());

/** The payload of the message `projects.get`. */
export const GetProject = z.strictObject({ id: ProjectId });
export type GetProject = z.infer<typeof GetProject>;

export interface Project {
  id: string;
  name: string;
  text: string;
  ownerId: string;
  shared: boolean;
  archived: boolean;
  summary: string | null;
  createdAt: Date;
}

/** A project as others see it. */
export interface ProjectAnswer extends Omit<Project, 'createdAt' | 'text'> {
  /** ISO 8601, UTC. */
  createdAt: string;
}

export function toProjectAnswer({ id, name, ownerId, shared, archived, ...rest }: Project): ProjectAnswer {
  return {
    id,
    name,
    ownerId,
    shared,
    archived,
    summary: rest.summary,
    createdAt: rest.createdAt.toISOString(),
  };
}

/** Whether somebody may see it; a guest has no id. */
export const isVisibleTo = (project: Project, id: string | undefined): boolean =>
  project.shared || project.ownerId === id;
