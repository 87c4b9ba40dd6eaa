import { Column, Entity, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Loan } from './Loan';

@Entity()
export class Tool {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  label!: string;

  @Column({ default: 14 })
  days!: number;

  @OneToMany(() => Loan, (loan) => loan.tool)
  loans!: Loan[];
}
