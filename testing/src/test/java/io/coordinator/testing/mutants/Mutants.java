package io.coordinator.testing.mutants;

import io.coordinator.testing.mutants.Outcome.Verdict;
import io.coordinator.testing.runner.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Breaks promises on purpose, one at a time, and shows which test notices: {@code testing/mutants [part of a name …]}. */
public final class Mutants {
    private static final double CAUGHT_MIN = 0.95;
    private static final int DETAIL_CHARS = 180;

    private Mutants() {}

    /** Ends with 0 if at least 95 % of the breaks were caught and all can be used. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        Repository repository = Repository.here();
        String tests = System.getProperty("tests", "");
        List<Mutant> chosen = Mutant.in(repository.mutants()).stream()
                .filter(mutant -> isWanted(mutant, arguments))
                .map(mutant -> tests.isEmpty() ? mutant : mutant.against(tests))
                .toList();
        int jobs = Integer.getInteger("jobs", 1);
        System.exit(summarize(outcomes(repository, chosen, jobs)) ? 0 : 1);
    }

    private static boolean isWanted(Mutant mutant, String[] parts) {
        return parts.length == 0 || List.of(parts).stream().anyMatch(mutant.name()::contains);
    }

    private static List<Outcome> outcomes(Repository repository, List<Mutant> mutants, int jobs)
            throws InterruptedException, ExecutionException {
        Trial trial = new Trial(repository);
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            List<Future<Outcome>> running = new ArrayList<>();
            mutants.forEach(mutant -> running.add(threads.submit(() -> trial.of(mutant))));
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : running) {
                outcomes.add(outcome.get());
                print(outcomes.get(outcomes.size() - 1));
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void print(Outcome outcome) {
        String detail = outcome.detail().replace('\n', ' ');
        System.out.printf(
                Locale.ROOT,
                "%-8s %5.1f s  %-48s %s%n",
                outcome.verdict(),
                outcome.time().toMillis() / 1000.0,
                outcome.mutant().name(),
                detail.length() > DETAIL_CHARS ? detail.substring(0, DETAIL_CHARS) + "…" : detail);
    }

    private static boolean summarize(List<Outcome> outcomes) {
        long caught = count(outcomes, Verdict.CAUGHT);
        long unusable = count(outcomes, Verdict.UNUSABLE);
        System.out.printf(
                Locale.ROOT,
                "%d of %d breaks caught, %d missed, %d unusable%n",
                caught,
                outcomes.size(),
                count(outcomes, Verdict.MISSED),
                unusable);
        return !outcomes.isEmpty() && unusable == 0 && caught >= CAUGHT_MIN * outcomes.size();
    }

    private static long count(List<Outcome> outcomes, Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
    }
}
