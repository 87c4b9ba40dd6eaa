import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Member } from './Member';
import { Tool } from './Tool';

@Entity()
export class Loan {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => Member, (member) => member.loans)
  member!: Member;

  @ManyToOne(() => Tool, (tool) => tool.loans)
  tool!: Tool;

  @Column()
  due!: string;

  @Column({ type: 'varchar', nullable: true })
  returned!: string | null;
}
