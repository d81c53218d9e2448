package io.coordinator.server.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.coordinator.protocol.Entry;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.SnapshotException;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.server.snapshot.Snapshotter;
import io.coordinator.state.Applied;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries committed entries to the replica, snapshots to the followers, and Ratis' notifications to the listener. */
final class RatisStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RatisStateMachine.class);
    private static final CompletableFuture<Message> EMPTY_REPLY = CompletableFuture.completedFuture(Message.EMPTY);

    private final Replica replica;
    private final SnapshotStore store;
    private final Snapshotter snapshotter;
    private final LogListener listener;
    private final LongPredicate leadsTerm;
    private final SkippedEntries skipped;
    private final LogNames names;
    private final long committedBefore;
    private final CheckpointStorage storage = new CheckpointStorage();
    private volatile long lastEntryTerm;
    private volatile boolean closing;
    /** The state may have a part of an entry that could not be applied, and is not to be kept. */
    private volatile boolean unusable;

    /**
     * @param recovered the checkpoint that the replica was loaded from
     * @param leadsTerm does this node lead, and is this the current term?
     * @param skipped what is not applied
     * @param names of the log's files
     * @param committedBefore the index up to which the log was committed before this start, as far as is known; or -1
     */
    RatisStateMachine(
            Replica replica,
            SnapshotStore store,
            Optional<Checkpoint> recovered,
            Snapshotter snapshotter,
            LogListener listener,
            LongPredicate leadsTerm,
            SkippedEntries skipped,
            LogNames names,
            long committedBefore) {
        this.replica = replica;
        this.store = store;
        this.snapshotter = snapshotter;
        this.listener = listener;
        this.leadsTerm = leadsTerm;
        this.skipped = skipped;
        this.names = names;
        this.committedBefore = committedBefore;
        storage.use(store);
        recovered.ifPresent(this::setApplied);
    }

    @Override
    public void initialize(RaftServer raftServer, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        super.initialize(raftServer, groupId, raftStorage);
        getLifeCycle().startAndTransition(() -> LOG.debug("replica loaded before the log was opened"));
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        if (!(request.getMessage() instanceof SubmittedMessage message)) {
            throw new IOException("only this node's own proposer writes to the log");
        }
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(message.getContent())
                .setStateMachineContext(message.submission())
                .build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext context) {
        LogEntryProto logEntry = context.getLogEntry();
        try {
            apply(logEntry, (Submission) context.getStateMachineContext());
        } catch (IOException | RuntimeException | java.lang.Error e) {
            unusable = true;
            LOG.error(
                    "cannot apply entry {} of term {}; if this is so on every member and at every start, see 'When an"
                            + " entry cannot be applied' in docs/operating.md",
                    logEntry.getIndex(),
                    logEntry.getTerm(),
                    e);
            listener.broken(e);
            throw new IllegalStateException("cannot apply entry " + logEntry.getIndex(), e);
        }
        return EMPTY_REPLY;
    }

    private void apply(LogEntryProto logEntry, @Nullable Submission submission) throws IOException {
        long index = logEntry.getIndex();
        long term = logEntry.getTerm();
        ByteString data = UnsafeByteOperations.unsafeWrap(
                logEntry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        Entry entry = skipped.find(term, index, data).isPresent()
                ? skip(term, index)
                : submission != null ? submission.entry() : Entry.parseFrom(data);
        Applied applied = replica.apply(index, entry);
        lastEntryTerm = term;
        updateLastAppliedTermIndex(term, index);
        boolean proven = submission != null && leadsTerm.test(term);
        listener.applied(new AppliedEntry(term, index, data.size(), entry, applied, proven ? submission : null));
        snapshotter.applied(term, data.size());
    }

    /** Applied in place of a skipped entry: nothing happens, and cluster time goes on with the next one. */
    private static Entry skip(long term, long index) {
        LOG.warn("entry {} of term {} is skipped, as an operator decided", index, term);
        return Entry.getDefaultInstance();
    }

    /** Asked for on the log's thread before it forces what it wrote. */
    @Override
    public CompletableFuture<Void> flush(long index) {
        names.forceIfChanged();
        return super.flush(index);
    }

    /** Asked for before the entries from an index on make way for those of a leader. */
    @Override
    public CompletableFuture<Void> truncate(long index) {
        long committed = Math.max(committedBefore, getLastAppliedTermIndex().getIndex());
        if (index <= committed) {
            IllegalStateException lost = new IllegalStateException("the leader has other entries from " + index
                    + " on, but this node knows those up to " + committed
                    + " to have been committed: other members have"
                    + " lost what they had acknowledged. This node stops, with all it has; see 'When committed entries"
                    + " are gone' in docs/operating.md");
            listener.broken(lost);
            throw lost;
        }
        return super.truncate(index);
    }

    /** Asked for after a checkpoint was published; tells Ratis how much of the log is not needed any more. */
    @Override
    public long takeSnapshot() {
        return store.purgeableIndex().orElse(RaftLog.INVALID_LOG_INDEX);
    }

    /** Takes a snapshot of everything applied; for a node that is about to stop. */
    void takeFinalSnapshot() {
        if (lastEntryTerm > 0 && !unusable) {
            snapshotter.takeNow(lastEntryTerm);
        }
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        snapshotter.pause();
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** Loads the snapshot that the leader sent; the directory of checkpoints was replaced as a whole. */
    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        try {
            SnapshotStore.Recovered recovered = store.recover();
            replica.replace(recovered.core());
            setLastAppliedTermIndex(TermIndex.INITIAL_VALUE);
            recovered.from().ifPresent(this::setApplied);
        } catch (SnapshotException e) {
            listener.broken(e);
            throw new IOException(e);
        }
        snapshotter.resume();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
        listener.installed();
    }

    private void setApplied(Checkpoint checkpoint) {
        lastEntryTerm = checkpoint.term();
        setLastAppliedTermIndex(TermIndex.valueOf(checkpoint.term(), checkpoint.index()));
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        if (member.getPeerId().equals(leader)) {
            listener.elected();
        }
    }

    @Override
    public void notifyLeaderReady() {
        try {
            listener.ready(
                    getServer().join().getDivision(getGroupId()).getInfo().getCurrentTerm());
        } catch (IOException e) {
            listener.broken(e);
        }
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
        listener.deposed();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        listener.broken(cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto roleInfo, boolean allServer) {
        if (!closing) {
            listener.broken(new IllegalStateException("Ratis shut itself down"));
        }
    }

    /** From now on a shutdown is expected. */
    void expectClose() {
        closing = true;
    }

    @Override
    public void close() {
        if (getLifeCycleState() != LifeCycle.State.NEW) {
            getLifeCycle().checkStateAndClose();
        }
    }
}
