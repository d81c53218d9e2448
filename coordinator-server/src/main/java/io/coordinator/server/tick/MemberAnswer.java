package io.coordinator.server.tick;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What one member said of itself, or that it said nothing.
 *
 * @param answer null if there was none; see {@link #status()}
 * @param failure why there was none, else empty
 */
public record MemberAnswer(Member member, @Nullable NodeStatusReply answer, String failure) {

    /** What has become of a question; whoever answers in the member's place is not the member. */
    static MemberAnswer of(Member member, @Nullable NodeStatusReply answer, @Nullable Throwable failure) {
        if (answer == null) {
            return new MemberAnswer(member, null, "does not answer: " + reason(failure));
        }
        return answer.getNode().equals(member.getNode())
                ? new MemberAnswer(member, answer, "")
                : new MemberAnswer(member, null, "does not answer: at its address is " + answer.getNode());
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return cause == null ? "no reason is known" : String.valueOf(cause.getMessage());
    }

    public Optional<NodeStatusReply> status() {
        return Optional.ofNullable(answer);
    }
}
