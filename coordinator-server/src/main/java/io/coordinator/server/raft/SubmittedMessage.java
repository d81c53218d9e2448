package io.coordinator.server.raft;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * A submission inside a Ratis request; it carries the parsed entry, so that the leader does not parse its own bytes.
 */
final class SubmittedMessage implements Message {
    private final Submission submission;
    private final ByteString content;

    SubmittedMessage(Submission submission) {
        this.submission = submission;
        this.content = UnsafeByteOperations.unsafeWrap(submission.entry().toByteArray());
    }

    Submission submission() {
        return submission;
    }

    @Override
    public ByteString getContent() {
        return content;
    }
}
