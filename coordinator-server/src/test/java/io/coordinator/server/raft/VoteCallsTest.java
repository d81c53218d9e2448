package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A vote is on the disk before it leaves the node; nobody outside could tell before the power fails. */
@Feature("PM-PERS-2")
class VoteCallsTest {
    private static final MethodDescriptor<?, ?> VOTE = RaftServerProtocolServiceGrpc.getRequestVoteMethod();
    private static final MethodDescriptor<?, ?> APPEND = RaftServerProtocolServiceGrpc.getAppendEntriesMethod();

    private final List<String> order = new ArrayList<>();
    private final VoteCalls votes = new VoteCalls(() -> order.add("forced"));
    private final VoteCalls failing = new VoteCalls(() -> {
        throw new UncheckedIOException(new IOException("Input/output error"));
    });

    @Test
    void aVoteForAnotherIsForcedBeforeItIsAnswered() {
        answer(votes, VOTE);
        assertThat(order).containsExactly("forced", "answered");
    }

    @Test
    void aVoteForItselfIsForcedBeforeOthersAreAsked() {
        ask(votes, VOTE);
        assertThat(order).containsExactly("forced", "asked");
    }

    @Test
    void aVoteThatTheDiskDoesNotTakeNeverLeaves() {
        assertThatThrownBy(() -> answer(failing, VOTE)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> ask(failing, VOTE)).isInstanceOf(UncheckedIOException.class);
        assertThat(order).isEmpty();
    }

    @Test
    void entriesAreForcedByTheLogItself() {
        answer(failing, APPEND);
        ask(failing, APPEND);
        assertThat(order).containsExactly("answered", "asked");
    }

    private <Q, A> void answer(VoteCalls calls, MethodDescriptor<Q, A> method) {
        calls.interceptCall(new Answers<>(method), new Metadata(), (call, headers) -> {
            call.sendMessage(null);
            return new ServerCall.Listener<>() {};
        });
    }

    private <Q, A> void ask(VoteCalls calls, MethodDescriptor<Q, A> method) {
        calls.interceptCall(method, CallOptions.DEFAULT, new Asked()).sendMessage(null);
    }

    private final class Answers<Q, A> extends ForwardingServerCall<Q, A> {
        private final MethodDescriptor<Q, A> method;

        Answers(MethodDescriptor<Q, A> method) {
            this.method = method;
        }

        @Override
        protected ServerCall<Q, A> delegate() {
            throw new UnsupportedOperationException("only messages are sent");
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return method;
        }

        @Override
        public void sendMessage(@Nullable A message) {
            order.add("answered");
        }
    }

    private final class Asked extends Channel {
        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return new ForwardingClientCall<>() {
                @Override
                protected ClientCall<Q, A> delegate() {
                    throw new UnsupportedOperationException("only messages are sent");
                }

                @Override
                public void sendMessage(@Nullable Q message) {
                    order.add("asked");
                }
            };
        }

        @Override
        public String authority() {
            return "another member";
        }
    }
}
