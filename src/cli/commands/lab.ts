import { Command } from 'commander';
import { labDrill } from './lab-drill.ts';
import { labTour } from './lab-tour.ts';

/** `lab`: the practice range. */
export function lab(): Command {
  return new Command('lab')
    .description('the practice range: a real Exim, attackers and senders in networks of their own')
    .addCommand(labTour(), { isDefault: true })
    .addCommand(labDrill());
}
