package io.coordinator.client.topic;

import io.coordinator.client.error.RequestTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A message that is leased to this member of a group, until it is settled or its time is over. The first of the methods
 * that settle it counts; later ones do nothing. Each gives a stage that tells whether the cluster has taken it: false
 * means that the lease had ended before, so that another member has the message or will get it. It fails with
 * {@link RequestTimeoutException} if the cluster has not answered in the time of a call; the SDK goes on telling it
 * while the session lives. None of them blocks.
 */
public interface Delivery {
    TopicRecord record();

    /** 1 for the first delivery of the message. */
    int attempt();

    /**
     * Names the lease. Tokens grow with each delivery of a message: whoever keeps the greatest one that it has seen can
     * turn away a member whose lease has ended.
     */
    long token();

    /** Whether it is not settled, and its lease has not ended as far as this client knows. */
    boolean isLive();

    /** The message was handled: nobody in the group gets it again. */
    CompletionStage<Boolean> acknowledge();

    /** It was not handled: another attempt is made, here or elsewhere, at once. */
    default CompletionStage<Boolean> reject() {
        return reject(Duration.ZERO, "");
    }

    /**
     * It was not handled: another attempt is made, here or elsewhere.
     *
     * @param delay how long to wait before it, in milliseconds rounded up; 0 or less for not at all
     * @param reason for people; kept with a dead letter, up to 1,024 bytes of it
     */
    CompletionStage<Boolean> reject(Duration delay, String reason);

    /**
     * Nobody will be able to handle it: it goes to the dead letters.
     *
     * @param reason as for {@link #reject(Duration, String)}
     */
    CompletionStage<Boolean> bury(String reason);

    /** This member does not handle it: another one gets it, and this does not count as an attempt. */
    CompletionStage<Boolean> handBack();

    /**
     * Asks for more time; does not settle it.
     *
     * @param time from now on, in milliseconds rounded up; 0 or less is refused
     */
    CompletionStage<Boolean> extend(Duration time);
}
