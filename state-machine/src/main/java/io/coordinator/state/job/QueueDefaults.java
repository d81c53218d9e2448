package io.coordinator.state.job;

import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RetryPolicy;

/** What settings mean that are 0. Numbers without a sign are taken as such. */
final class QueueDefaults {
    private static final long RETENTION_MILLIS = 3_600_000;
    private static final int FINISHED = 10_000;
    private static final int JOBS = 1_000_000;
    private static final int ATTEMPTS = 5;

    private QueueDefaults() {}

    static long retentionMillis(QueueSettings settings) {
        return settings.getRetentionMillis() <= 0 ? RETENTION_MILLIS : settings.getRetentionMillis();
    }

    static long finishedMax(QueueSettings settings) {
        return orElse(settings.getFinishedMax(), FINISHED);
    }

    static long jobsMax(QueueSettings settings) {
        return orElse(settings.getJobsMax(), JOBS);
    }

    static long concurrencyMax(QueueSettings settings) {
        return settings.getConcurrencyMax() == 0 ? Long.MAX_VALUE : orElse(settings.getConcurrencyMax(), 0);
    }

    /** 1: one after the other, in order. */
    static long keyConcurrencyMax(QueueSettings settings) {
        return orElse(settings.getKeyConcurrencyMax(), 1);
    }

    static RetryPolicy retry(QueueSettings settings, JobRow job) {
        return job.hasRetry() ? job.getRetry() : settings.getRetry();
    }

    static long attemptsMax(QueueSettings settings, JobRow job) {
        return orElse(retry(settings, job).getAttemptsMax(), ATTEMPTS);
    }

    /** 0: as long as the session of the worker lives. */
    static long attemptMillis(QueueSettings settings, JobRow job) {
        return Math.max(0, job.getAttemptMillis() > 0 ? job.getAttemptMillis() : settings.getAttemptMillis());
    }

    private static long orElse(int unsigned, int preset) {
        return unsigned == 0 ? preset : Integer.toUnsignedLong(unsigned);
    }
}
