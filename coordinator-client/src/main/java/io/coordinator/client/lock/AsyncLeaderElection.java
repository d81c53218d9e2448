package io.coordinator.client.lock;

import io.coordinator.client.watch.Subscription;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The asynchronous face of a {@link LeaderElection}. Cancelling the future of a campaign withdraws the candidate. */
public interface AsyncLeaderElection {
    /** The namespace. */
    String namespace();

    /** See {@link LeaderElection#name()}. */
    String name();

    /** See {@link LeaderElection#campaign()}. */
    CompletionStage<Leadership> campaign();

    /** See {@link LeaderElection#campaign(Object)}. */
    CompletionStage<Leadership> campaign(Object contents);

    /** See {@link LeaderElection#tryCampaign(Object, Duration)}. */
    CompletionStage<Optional<Leadership>> tryCampaign(Object contents, Duration wait);

    /** See {@link LeaderElection#leader()}. */
    CompletionStage<Optional<Leader>> leader();

    /** See {@link LeaderElection#observe(LeaderListener)}. */
    Subscription observe(LeaderListener listener);
}
