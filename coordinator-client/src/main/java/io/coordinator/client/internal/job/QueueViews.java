package io.coordinator.client.internal.job;

import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.QueueStatus;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.QueueInspection;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RetryPolicy;
import java.time.Duration;

/** What the cluster's answers about queues look like to user code. */
public final class QueueViews {
    private QueueViews() {}

    static QueueStatus status(QueueInspection queue) {
        return new QueueStatus(
                summary(queue.getSummary()),
                options(queue.getSettings()),
                queue.getWorkersList().stream().map(QueueViews::member).toList());
    }

    private static QueueStatus.Member member(PoolMember member) {
        return new QueueStatus.Member(
                member.getSessionId(),
                member.getClientName(),
                member.getCapacity(),
                member.getLeased(),
                member.getLeaving());
    }

    /** One queue of a list. */
    public static QueueSummary summary(io.coordinator.protocol.QueueSummary queue) {
        return new QueueSummary(
                queue.getNamespace(),
                queue.getQueue(),
                queue.getDelayed(),
                queue.getWaiting(),
                queue.getRunning(),
                queue.getDead(),
                queue.getFinished(),
                queue.getWorkers(),
                Duration.ofMillis(queue.getOldestWaitMillis()),
                queue.getPaused(),
                queue.getSubmitted(),
                queue.getSucceeded(),
                queue.getAttemptsFailed(),
                queue.getAttemptsLost(),
                queue.getRetrying(),
                queue.getFreeSlots(),
                queue.getDied());
    }

    private static QueueOptions options(QueueSettings settings) {
        return new QueueOptions(
                number(settings.getConcurrencyMax()),
                number(settings.getKeyConcurrencyMax()),
                retry(settings.getRetry()),
                Duration.ofMillis(settings.getRetentionMillis()),
                number(settings.getFinishedMax()),
                number(settings.getJobsMax()),
                Duration.ofMillis(settings.getAttemptMillis()),
                settings.getPaused());
    }

    /** A policy in which another client has left out what is as usual. */
    private static RetryOptions retry(RetryPolicy policy) {
        RetryOptions usual = RetryOptions.defaults();
        int jitter = policy.getJitterPercent() == 0 ? usual.jitterPercent() : policy.getJitterPercent();
        return new RetryOptions(
                policy.getAttemptsMax() == 0 ? usual.attemptsMax() : number(policy.getAttemptsMax()),
                time(policy.getBackoffMillis(), usual.backoff()),
                time(policy.getBackoffMaxMillis(), usual.backoffMax()),
                policy.getFactorPercent() == 0 ? usual.factorPercent() : policy.getFactorPercent(),
                policy.getNoJitter() ? 0 : jitter);
    }

    private static Duration time(long millis, Duration usual) {
        return millis == 0 ? usual : Duration.ofMillis(millis);
    }

    /** Of a number without a sign; one that is too large for an int is as good as the largest. */
    private static int number(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
