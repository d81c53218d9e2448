package io.coordinator.testing.workload;

import java.time.Duration;
import java.util.List;

/** The program behind {@code testing/histories}. */
public final class Histories {
    private static final int VIOLATED = 1;
    private static final int BAD_ARGUMENTS = 2;

    private static final String USAGE = """
            testing/histories [--minutes M] [--seed S] [--clients N]

            Uses every data type at random on three nodes, breaks things at random meanwhile, and checks that one order
            of the calls explains all that the clients were told, and that the nodes have one state in the end.

              --minutes M   how long, such as 60 or 0.5; 10 unless given
              --seed S      of all that is random; another one for each run unless given
              --clients N   how many sessions, each with four threads; 24 unless given

            Ends with 0 if all is well, with 1 if not, and with 2 if an argument is wrong.
            """;

    private Histories() {}

    /** See {@code --help}. */
    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        Run run;
        try {
            run = parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + USAGE);
            System.exit(BAD_ARGUMENTS);
            return;
        }
        System.out.println("seed " + run.seed());
        Report report = run.go();
        System.out.print(report);
        System.out.flush();
        System.exit(report.isGood() ? 0 : VIOLATED);
    }

    /** @throws IllegalArgumentException that says what is wrong */
    static Run parse(String[] arguments) {
        Run run = new Run(Duration.ofMinutes(10), System.nanoTime(), 24);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (!List.of("--minutes", "--seed", "--clients").contains(name)) {
                throw new IllegalArgumentException("unknown argument " + name);
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " needs a number");
            }
            run = with(run, name, arguments[i + 1]);
        }
        return run;
    }

    private static Run with(Run run, String name, String value) {
        try {
            return switch (name) {
                case "--minutes" -> new Run(minutes(Double.parseDouble(value)), run.seed(), run.clients());
                case "--seed" -> new Run(run.duration(), Long.parseLong(value), run.clients());
                default -> new Run(run.duration(), run.seed(), clients(Integer.parseInt(value)));
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " needs a number, not '" + value + "'", e);
        }
    }

    private static Duration minutes(double minutes) {
        if (!(minutes > 0 && minutes <= 7 * 24 * 60)) {
            throw new IllegalArgumentException("--minutes must be more than 0, and at most a week");
        }
        return Duration.ofSeconds(Math.max(1, Math.round(minutes * 60)));
    }

    private static int clients(int clients) {
        if (clients < 1 || clients > 1_000) {
            throw new IllegalArgumentException("--clients must be from 1 to 1000");
        }
        return clients;
    }
}
