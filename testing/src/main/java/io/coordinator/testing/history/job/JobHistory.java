package io.coordinator.testing.history.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is known of a run with job queues, and whether that may be.
 *
 * @param queues what they promise
 * @param asked what submitters asked for, and were told
 * @param changes what the watches of the queues told, each in its order
 * @param lines what handlers wrote down, in any order
 * @param effects what was committed with completions, in the order of the log
 * @param ends what there is in the end
 */
public record JobHistory(
        List<QueueRules> queues,
        List<AskedJob> asked,
        List<QueueChange> changes,
        List<HandlerLine> lines,
        List<JobEffect> effects,
        List<QueueEnd> ends) {

    public JobHistory {
        queues = List.copyOf(queues);
        asked = List.copyOf(asked);
        changes = List.copyOf(changes);
        lines = List.copyOf(lines);
        effects = List.copyOf(effects);
        ends = List.copyOf(ends);
    }

    /** What cannot be, in words; empty if all is well. */
    public List<String> problems() {
        JobFindings findings = new JobFindings();
        Map<String, AskedJob> byName = byName();
        Map<String, QueueLog> logs = new HashMap<>();
        queues.forEach(rules -> logs.put(rules.queue(), new QueueLog(rules, byName, findings)));
        for (QueueChange change : changes) {
            QueueLog log = logs.get(change.queue());
            if (log == null) {
                throw unknown(change.queue());
            }
            log.add(change);
        }
        new EffectCheck(this, byName, findings).check();
        new AttemptCheck(this, byName, logs, findings).check();
        return findings.told();
    }

    /** How many completions the cluster itself has refused, since the job was not the attempt's any more. */
    public long refused(String by) {
        return lines.stream()
                .filter(line ->
                        line.what() == HandlerLine.What.REFUSED && line.text().equals(by))
                .count();
    }

    /** How often a watch did not know what happened. */
    public long gaps() {
        return changes.stream()
                .filter(change -> change.kind() == QueueChange.Kind.GAP)
                .count();
    }

    private Map<String, AskedJob> byName() {
        Map<String, AskedJob> all = new HashMap<>();
        for (AskedJob job : asked) {
            if (all.put(name(job.queue(), job.id()), job) != null) {
                throw new IllegalArgumentException("two jobs are called " + job.id());
            }
        }
        return all;
    }

    /** What a queue promises. */
    QueueRules rules(String queue) {
        return queues.stream()
                .filter(rules -> rules.queue().equals(queue))
                .findAny()
                .orElseThrow(() -> unknown(queue));
    }

    private static IllegalArgumentException unknown(String queue) {
        return new IllegalArgumentException("nobody has said what " + queue + " promises");
    }

    static String name(String queue, String id) {
        return queue + "/" + id;
    }

    /** By the names of what they tell of. */
    static Map<String, List<HandlerLine>> byJob(List<HandlerLine> lines) {
        Map<String, List<HandlerLine>> all = new HashMap<>();
        lines.forEach(line -> all.computeIfAbsent(name(line.queue(), line.id()), first -> new ArrayList<>())
                .add(line));
        return all;
    }
}
