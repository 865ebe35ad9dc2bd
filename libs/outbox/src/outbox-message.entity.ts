import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that waits for its destination. Add one by `Outbox.add`, which also wakes the relay. */
@Entity('outbox_message')
export class OutboxMessage {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  topic!: string;

  /** Text, not jsonb: the bytes reach the destination as they were written. */
  @Column('text')
  payload!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** 0, 1, 2, … of the topic, given as it is first shipped; null until then. A decimal string, as `pg` reads bigint. */
  @Column('bigint', { name: 'producer_seq', nullable: true })
  producerSeq!: string | null;
}
