package io.coordinator.testing.history.job;

import io.coordinator.testing.history.job.HandlerLine.What;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What handlers wrote down fits what was committed: tokens grow, only the last attempt completes its job, those before
 * were refused, and a recorded step never runs again. Who was first is told by tokens; handlers' clocks count for one
 * thing only, that no job begins before its delay is over.
 */
final class AttemptCheck {
    private final JobHistory history;
    private final Map<String, AskedJob> asked;
    private final Map<String, QueueLog> logs;
    private final JobFindings findings;
    private final Map<String, JobEffect> effects = new HashMap<>();

    /** @param logs by queue, with all changes */
    AttemptCheck(JobHistory history, Map<String, AskedJob> asked, Map<String, QueueLog> logs, JobFindings findings) {
        this.history = history;
        this.asked = asked;
        this.logs = logs;
        this.findings = findings;
    }

    void check() {
        history.effects().forEach(effect -> effects.put(JobHistory.name(effect.queue(), effect.id()), effect));
        Map<String, List<HandlerLine>> byJob = JobHistory.byJob(history.lines());
        byJob.forEach((name, lines) -> {
            List<HandlerLine> begun = lines.stream()
                    .filter(line -> line.what() == What.BEGUN)
                    .sorted(Comparator.comparingInt(HandlerLine::attempt).thenComparingLong(HandlerLine::token))
                    .toList();
            checkBegun(begun, asked.get(name));
            checkCompletion(lines, begun, effects.get(name));
            checkSteps(lines, effects.get(name));
        });
        effects.forEach((name, effect) -> findings.addIf(
                byJob.getOrDefault(name, List.of()).stream()
                        .noneMatch(line -> line.what() == What.COMPLETING && line.token() == effect.token()),
                "completed by nobody",
                effect));
    }

    private void checkBegun(List<HandlerLine> begun, @Nullable AskedJob job) {
        for (int i = 0; i < begun.size(); i++) {
            HandlerLine line = begun.get(i);
            HandlerLine before = i == 0 ? null : begun.get(i - 1);
            findings.addIf(before != null && before.token() >= line.token(), "tokens do not grow", line);
            QueueLog log = logs.get(line.queue());
            findings.addIf(
                    log == null || !log.hasStarted(line.id(), line.attempt()), "begun and never given out", line);
            findings.addIf(
                    job != null && line.nanos() - job.askedNanos() < job.delayNanos(), "begun before its time", line);
        }
    }

    private void checkCompletion(List<HandlerLine> lines, List<HandlerLine> begun, @Nullable JobEffect effect) {
        long winner = effect == null ? 0 : effect.token();
        for (HandlerLine line : lines) {
            findings.addIf(line.what() == What.TAKEN && line.token() != winner, "taken, and not there", line);
            findings.addIf(line.what() == What.REFUSED && line.token() == winner, "refused, and there", line);
            findings.addIf(
                    line.what() == What.THROWN && line.token() == winner, "completed by an attempt that failed", line);
        }
        if (effect != null) {
            findings.addIf(
                    begun.stream().anyMatch(line -> line.token() > winner),
                    "completed by an attempt that was given up",
                    effect);
            findings.addIf(
                    begun.stream().noneMatch(line -> line.token() == winner && line.attempt() == effect.attempt()),
                    "completed by an attempt that never began",
                    effect);
        }
    }

    /** A result that an attempt was told to be recorded is the one of all later attempts, and of the completion. */
    private void checkSteps(List<HandlerLine> lines, @Nullable JobEffect effect) {
        Map<String, HandlerLine> recorded = new HashMap<>();
        for (HandlerLine line : lines) {
            if (line.what() == What.STEP_IS) {
                HandlerLine before = recorded.get(step(line));
                findings.addIf(before != null && !before.text().equals(line.text()), "two results of one step", line);
                if (before == null || before.token() > line.token()) {
                    recorded.put(step(line), line);
                }
            }
        }
        for (HandlerLine line : lines) {
            HandlerLine done = recorded.get(step(line));
            findings.addIf(
                    line.what() == What.STEP_RUNS && done != null && done.token() < line.token(),
                    "a recorded step ran again",
                    line);
        }
        if (effect != null && !effect.steps().isEmpty()) {
            for (String result : effect.steps().split(",", -1)) {
                findings.addIf(
                        recorded.values().stream().noneMatch(line -> line.text().equals(result)),
                        "completed with a result that no step has",
                        effect);
            }
        }
    }

    private static String step(HandlerLine line) {
        return line.text().substring(0, Math.max(0, line.text().indexOf('=')));
    }
}
