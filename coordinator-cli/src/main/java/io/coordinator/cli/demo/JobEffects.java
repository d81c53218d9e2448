package io.coordinator.cli.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.transaction.Transaction;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What each job of the demo does to the cluster, together with its completion: a counter and a document, so that one
 * that were done twice, or not at all, would show.
 */
final class JobEffects {
    private static final String COUNTER = "demo/effects";
    private static final String DOCUMENT = "demo/ledger";
    private static final String LINES = "lines";

    private JobEffects() {}

    /**
     * What there is of them.
     *
     * @param once how many jobs have exactly one line
     * @param lines of all jobs
     * @param counter how often one was added
     */
    record Found(int once, int lines, long counter) {
        /** Looks for the lines of jobs. */
        static Found of(List<String> jobs, List<String> lines, long counter) {
            int once = (int) jobs.stream()
                    .filter(job -> Collections.frequency(lines, job) == 1)
                    .count();
            return new Found(once, lines.size(), counter);
        }
    }

    /** Before the first job. */
    static void prepare(CoordinatorClient client) {
        client.documents().open(DOCUMENT, OpenOptions.defaults().initialContent(Map.of(LINES, List.of())));
    }

    /** Those of one job; not committed. */
    static Transaction of(CoordinatorClient client, String job) {
        return client.transaction()
                .then(writes -> writes.increment(COUNTER, 1)
                        .edit(DOCUMENT, edits -> edits.at(LINES).push(job)));
    }

    /** What the cluster has of them. */
    static Found find(CoordinatorClient client, List<String> jobs) {
        List<String> lines = client.documents()
                .handle(DOCUMENT)
                .at(LINES)
                .get(new TypeReference<List<String>>() {})
                .orElse(List.of());
        long counter =
                client.cache().get(COUNTER).map(entry -> entry.value().asLong()).orElse(0L);
        return Found.of(jobs, lines, counter);
    }
}
