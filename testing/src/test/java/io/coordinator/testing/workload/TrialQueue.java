package io.coordinator.testing.workload;

import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.history.job.QueueRules;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/** The queues of a {@link JobTrial}: each has something that can go wrong. */
enum TrialQueue {
    PLAIN,
    /** Each job has a key, and those of a key come in their order. */
    KEYED,
    /** So many at a time, and so many of a key. */
    LIMITED,
    /** With priorities and delays. */
    RANKED,
    /** Handlers throw, and some jobs die. */
    RETRIED,
    /** Some jobs are cancelled. */
    CANCELLED,
    /** Jobs of several steps. */
    STEPPED,
    /** What the completions of the others submit. */
    FOLLOWING;

    /** An attempt that takes longer is given up while its worker lives: less than the pauses of hosts and links. */
    static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1_500);

    static final int RUNNING_MAX = 5;
    static final int RUNNING_OF_KEY_MAX = 2;
    private static final int KEYS = 12;
    private static final int ATTEMPTS_MAX = 1_000;
    private static final int ATTEMPTS_OF_MORTALS = 4;

    String queue() {
        return name().toLowerCase(Locale.ROOT);
    }

    QueueRules rules() {
        QueueRules any = QueueRules.of(queue());
        return switch (this) {
            case KEYED -> any.ordered();
            case LIMITED -> any.limited(RUNNING_MAX, RUNNING_OF_KEY_MAX);
            case RANKED -> any.byPriority();
            case RETRIED -> any.mortal();
            case PLAIN, CANCELLED, STEPPED, FOLLOWING -> any;
        };
    }

    QueueOptions options(int jobs) {
        QueueOptions any = QueueOptions.defaults()
                .withAttemptTimeout(ATTEMPT_TIMEOUT)
                .withRetention(Duration.ofHours(6), 10 * jobs)
                .withRetry(RetryOptions.defaults()
                        .withBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                        .withAttemptsMax(this == RETRIED ? ATTEMPTS_OF_MORTALS : ATTEMPTS_MAX));
        return this == LIMITED ? any.withConcurrencyMax(RUNNING_MAX).withKeyConcurrencyMax(RUNNING_OF_KEY_MAX) : any;
    }

    /** How a job is submitted; without its id. */
    SubmitOptions submission(Random random) {
        SubmitOptions any = SubmitOptions.defaults();
        return switch (this) {
            case KEYED, LIMITED -> any.withKey("key-" + random.nextInt(KEYS));
            case RANKED -> {
                SubmitOptions ranked = any.withPriority(random.nextInt(-2, 3));
                yield random.nextInt(5) == 0 ? ranked.withDelay(Duration.ofMillis(random.nextInt(50, 1_500))) : ranked;
            }
            case PLAIN, RETRIED, CANCELLED, STEPPED, FOLLOWING -> any;
        };
    }
}
