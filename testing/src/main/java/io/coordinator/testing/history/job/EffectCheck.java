package io.coordinator.testing.history.job;

import io.coordinator.testing.history.job.AskedJob.Cancel;
import io.coordinator.testing.history.job.QueueEnd.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each job came to the end that it may have, and what its completion brought is there once. */
final class EffectCheck {
    private final JobHistory history;
    private final Map<String, AskedJob> asked;
    private final JobFindings findings;
    private final Map<String, JobEffect> effects = new HashMap<>();

    EffectCheck(JobHistory history, Map<String, AskedJob> asked, JobFindings findings) {
        this.history = history;
        this.asked = asked;
        this.findings = findings;
    }

    void check() {
        checkEffects();
        checkFollowUps();
        history.ends().forEach(end -> checkEnd(end, history.rules(end.queue())));
    }

    /** Those of a key come in the order of submission. */
    private void checkEffects() {
        Map<String, Integer> lastOfKey = new HashMap<>();
        for (JobEffect effect : history.effects()) {
            String name = JobHistory.name(effect.queue(), effect.id());
            findings.addIf(effects.put(name, effect) != null, "completed twice", effect);
            AskedJob job = asked.get(name);
            findings.addIf(job == null && effect.of().isEmpty(), "completed and never submitted", effect);
            if (job != null && history.rules(job.queue()).inOrder()) {
                Integer before = lastOfKey.put(job.queue() + "/" + job.key(), job.number());
                findings.addIf(before != null && before > job.number(), "completed out of the order of its key", job);
            }
        }
    }

    private void checkFollowUps() {
        Set<String> followed = new HashSet<>();
        for (JobEffect effect : history.effects()) {
            if (!effect.of().isEmpty()) {
                findings.addIf(!followed.add(effect.of()), "followed up twice", effect);
                findings.addIf(!effects.containsKey(effect.of()), "followed up and not completed", effect);
            }
        }
        for (JobEffect effect : history.effects()) {
            String name = JobHistory.name(effect.queue(), effect.id());
            findings.addIf(effect.of().isEmpty() && !followed.contains(name), "never followed up", effect);
        }
    }

    private void checkEnd(QueueEnd end, QueueRules rules) {
        long completed = history.effects().stream()
                .filter(effect -> effect.queue().equals(end.queue()))
                .count();
        findings.addIf(end.counted() != completed, "a counter that is wrong", counts(end, end.counted(), completed));
        findings.addIf(
                end.succeeded() != completed, "the queue counts otherwise", counts(end, end.succeeded(), completed));
        checkWritten(end);
        for (AskedJob job : history.asked()) {
            if (job.queue().equals(end.queue())) {
                findings.addIf(job.acknowledged() && !end.jobs().containsKey(job.id()), "lost", job);
            }
        }
        end.jobs().forEach((id, state) -> checkJob(end.queue(), id, state, rules));
    }

    private static String counts(QueueEnd end, long has, long completed) {
        return end.queue() + " has " + has + ", and there are " + completed + " completions";
    }

    private void checkJob(String queue, String id, State state, QueueRules rules) {
        String name = JobHistory.name(queue, id);
        AskedJob job = asked.get(name);
        Cancel cancel = job == null ? Cancel.NOT_ASKED : job.cancel();
        findings.addIf(state == State.UNFINISHED, "not over in the end", name);
        findings.addIf(state == State.DEAD && (!rules.mayDie() || cancel == Cancel.TAKEN), "dead without reason", name);
        findings.addIf(state == State.CANCELED && cancel == Cancel.NOT_ASKED, "cancelled by nobody", name);
        boolean hasEffect = effects.containsKey(name);
        findings.addIf(state == State.SUCCEEDED && !hasEffect, "succeeded without what its completion brings", name);
        findings.addIf(state != State.SUCCEEDED && hasEffect, "completed, and " + state, name);
    }

    private void checkWritten(QueueEnd end) {
        Set<String> once = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (String id : end.written()) {
            findings.addIf(!once.add(id), "written twice into its document", JobHistory.name(end.queue(), id));
            findings.addIf(
                    !effects.containsKey(JobHistory.name(end.queue(), id)),
                    "written into its document and not completed",
                    JobHistory.name(end.queue(), id));
        }
        effects.values().stream()
                .filter(effect -> effect.queue().equals(end.queue()) && !once.contains(effect.id()))
                .forEach(effect -> missing.add(effect.id()));
        findings.addIf(!missing.isEmpty(), "not written into its document", missing);
    }
}
