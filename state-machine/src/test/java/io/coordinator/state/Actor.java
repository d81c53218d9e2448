package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.AuditRecord;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.BuildList;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheNamespace;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.CancelAcquire;
import io.coordinator.protocol.CancelPermits;
import io.coordinator.protocol.CancelReserve;
import io.coordinator.protocol.ClearBuilds;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.ConfigureCache;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DeleteSemaphore;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DowngradeLock;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.ExtendLock;
import io.coordinator.protocol.ExtendPermits;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.FenceMode;
import io.coordinator.protocol.FindWaitCycles;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.GetBuild;
import io.coordinator.protocol.GetCacheSettings;
import io.coordinator.protocol.GetDocument;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.GetValues;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.GotValue;
import io.coordinator.protocol.Guard;
import io.coordinator.protocol.HeldLocks;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.InspectLock;
import io.coordinator.protocol.InspectSemaphore;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.protocol.ListHeldLocks;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.ListSemaphores;
import io.coordinator.protocol.LockAnswer;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockInspection;
import io.coordinator.protocol.LockList;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.LockVerification;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReadAudit;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.ReleasePermits;
import io.coordinator.protocol.ReportProgress;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.ResizeSemaphore;
import io.coordinator.protocol.ScanDocuments;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.ScannedDocuments;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.protocol.SemaphoreInspection;
import io.coordinator.protocol.SemaphoreList;
import io.coordinator.protocol.SemaphoreQuery;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.TouchBuild;
import io.coordinator.protocol.TouchValues;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.protocol.VerifyLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One session of a script, with the verbs of a client. Acknowledges nothing unless told. */
final class Actor {
    static final String NAMESPACE = "default";

    private final Script script;
    private final long id;
    private long seq;
    private long ackedSeq;
    private long ackedEvent;
    private @Nullable Guard guard;
    private Command sent = Command.getDefaultInstance();

    Actor(Script script, long id) {
        this.script = script;
        this.id = id;
    }

    long id() {
        return id;
    }

    /** The next command carries this guard. */
    Actor guardedBy(String lock, long token) {
        return guardedBy(lock, token, FenceMode.STRICT);
    }

    Actor guardedBy(String lock, long token, FenceMode mode) {
        guard = Guard.newBuilder()
                .setNamespace(NAMESPACE)
                .setLock(lock)
                .setToken(token)
                .setMode(mode)
                .build();
        return this;
    }

    /** The next commands acknowledge replies up to this one. */
    Actor acks(long upTo) {
        ackedSeq = upTo;
        return this;
    }

    Actor acksEvents(long upTo) {
        ackedEvent = upTo;
        return this;
    }

    // Locks.

    Outcome acquire(String name) {
        return acquire(name, 0, 0);
    }

    /** @param waitMillis -1 without a deadline */
    Outcome acquire(String name, long ttlMillis, long waitMillis) {
        return lock(
                name,
                b -> b.setAcquire(AcquireLock.newBuilder()
                        .setTtlMillis(ttlMillis)
                        .setWaitMillis(waitMillis)
                        .setContents(json("\"" + name + " of " + id + "\""))));
    }

    /** Several at once. */
    Outcome acquire(List<String> names, AcquireLock.Builder acquire) {
        return locks(names, b -> b.setAcquire(acquire));
    }

    Outcome cancelAcquire(String name, long requestSeq) {
        return cancelAcquire(List.of(name), requestSeq);
    }

    Outcome cancelAcquire(List<String> names, long requestSeq) {
        return locks(names, b -> b.setCancel(CancelAcquire.newBuilder().setRequestSeq(requestSeq)));
    }

    Outcome release(String name, long token) {
        return release(List.of(name), token);
    }

    Outcome release(List<String> names, long token) {
        return locks(names, b -> b.setRelease(ReleaseLock.newBuilder().setToken(token)));
    }

    Outcome extend(String name, long token, long ttlMillis) {
        return extend(List.of(name), token, ttlMillis);
    }

    Outcome extend(List<String> names, long token, long ttlMillis) {
        return locks(
                names, b -> b.setExtend(ExtendLock.newBuilder().setToken(token).setTtlMillis(ttlMillis)));
    }

    Outcome downgrade(List<String> names, long token) {
        return locks(names, b -> b.setDowngrade(DowngradeLock.newBuilder().setToken(token)));
    }

    /** @param token 0 for whatever grants there are */
    Outcome force(List<String> names, long token, String operator) {
        return locks(
                names,
                b -> b.setForceRelease(ForceReleaseLock.newBuilder()
                        .setToken(token)
                        .setOperator(operator)
                        .setReason("it hangs")));
    }

    private Outcome lock(String name, UnaryOperator<LockCommand.Builder> operation) {
        return locks(List.of(name), operation);
    }

    private Outcome locks(List<String> names, UnaryOperator<LockCommand.Builder> operation) {
        LockCommand.Builder lock =
                LockCommand.newBuilder().setNamespace(NAMESPACE).addAllNames(names);
        return send(Command.newBuilder().setLock(operation.apply(lock)));
    }

    LockInspection inspect(String name) {
        return script.query(Query.newBuilder()
                        .setLock(LockQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setName(name)
                                .setInspect(InspectLock.getDefaultInstance())))
                .getLock()
                .getInspection();
    }

    LockVerification verify(String name, long token) {
        return verify(name, token, FenceMode.STRICT);
    }

    LockVerification verify(String name, long token, FenceMode mode) {
        return script.query(Query.newBuilder()
                        .setLock(LockQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setName(name)
                                .setVerify(
                                        VerifyLock.newBuilder().setToken(token).setMode(mode))))
                .getLock()
                .getVerification();
    }

    LockList listLocks(ListLocks.Builder list) {
        return askLocks(LockQuery.newBuilder().setList(list)).getList();
    }

    HeldLocks held() {
        return askLocks(LockQuery.newBuilder()
                        .setHeld(ListHeldLocks.newBuilder().setSessionId(id)))
                .getHeld();
    }

    /** The circles, each as "client kind/name client kind/name …". */
    List<String> waitCycles() {
        return askLocks(LockQuery.newBuilder().setCycles(FindWaitCycles.getDefaultInstance()))
                .getCycles()
                .getCyclesList()
                .stream()
                .map(cycle -> cycle.getMembersList().stream()
                        .map(m -> m.getClientName() + " " + m.getData() + "/" + m.getName())
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    List<AuditRecord> audit(int limit) {
        return askLocks(LockQuery.newBuilder().setAudit(ReadAudit.newBuilder().setLimit(limit)))
                .getAudit()
                .getRecordsList();
    }

    private LockAnswer askLocks(LockQuery.Builder query) {
        return script.query(Query.newBuilder().setLock(query)).getLock();
    }

    Outcome transact(TransactionCommand.Builder transaction) {
        return send(Command.newBuilder().setTransaction(transaction));
    }

    // Documents.

    Outcome open(String id, String content, DocumentKind kind, long ttlMillis) {
        return document(
                id,
                b -> b.setOpen(OpenDocument.newBuilder()
                        .setInitialContent(ByteString.copyFromUtf8(content))
                        .setKind(kind)
                        .setTtlMillis(ttlMillis)));
    }

    Outcome open(String id, String content) {
        return open(id, content, DocumentKind.DURABLE, 0);
    }

    Outcome edit(String id, EditDocument.Builder edit) {
        return document(id, b -> b.setEdit(edit));
    }

    /** Appends to the array at a path of one step. */
    Outcome push(String id, String path, String value) {
        return edit(id, EditDocument.newBuilder().addEdits(Edit.push(path, value)));
    }

    Outcome deleteDocument(String id, long expectedRevision) {
        return document(id, b -> b.setDelete(DeleteDocument.newBuilder().setExpectedRevision(expectedRevision)));
    }

    private Outcome document(String id, UnaryOperator<DocumentCommand.Builder> operation) {
        DocumentCommand.Builder document =
                DocumentCommand.newBuilder().setNamespace(NAMESPACE).setId(id);
        return send(Command.newBuilder().setDocument(operation.apply(document)));
    }

    GotDocument document(String id, String... path) {
        return askDocuments(id, b -> b.setGet(GetDocument.newBuilder().addAllPath(List.of(path))))
                .getGot();
    }

    ScannedDocuments scanDocuments(String prefix, ScanDocuments.Builder scan) {
        return askDocuments(prefix, b -> b.setScan(scan)).getScanned();
    }

    private DocumentAnswer askDocuments(String id, UnaryOperator<DocumentQuery.Builder> operation) {
        DocumentQuery.Builder query =
                DocumentQuery.newBuilder().setNamespace(NAMESPACE).setId(id);
        return script.query(Query.newBuilder().setDocument(operation.apply(query)))
                .getDocument();
    }

    // Semaphores.

    /** @param waitMillis -1 without a deadline */
    Outcome permits(String name, int permits, int limit, long ttlMillis, long waitMillis) {
        return semaphore(
                name,
                b -> b.setAcquire(AcquirePermits.newBuilder()
                        .setPermits(permits)
                        .setInitialLimit(limit)
                        .setTtlMillis(ttlMillis)
                        .setWaitMillis(waitMillis)
                        .setContents(json("\"" + id + "\""))));
    }

    Outcome cancelPermits(String name, long requestSeq) {
        return semaphore(name, b -> b.setCancel(CancelPermits.newBuilder().setRequestSeq(requestSeq)));
    }

    Outcome releasePermits(String name, long token) {
        return semaphore(name, b -> b.setRelease(ReleasePermits.newBuilder().setToken(token)));
    }

    Outcome extendPermits(String name, long token, long ttlMillis) {
        return semaphore(
                name,
                b -> b.setExtend(ExtendPermits.newBuilder().setToken(token).setTtlMillis(ttlMillis)));
    }

    Outcome resize(String name, int limit) {
        return semaphore(name, b -> b.setResize(ResizeSemaphore.newBuilder().setLimit(limit)));
    }

    Outcome deleteSemaphore(String name) {
        return semaphore(name, b -> b.setDelete(DeleteSemaphore.getDefaultInstance()));
    }

    private Outcome semaphore(String name, UnaryOperator<SemaphoreCommand.Builder> operation) {
        SemaphoreCommand.Builder semaphore =
                SemaphoreCommand.newBuilder().setNamespace(NAMESPACE).setName(name);
        return send(Command.newBuilder().setSemaphore(operation.apply(semaphore)));
    }

    SemaphoreInspection inspectSemaphore(String name) {
        return script.query(Query.newBuilder()
                        .setSemaphore(SemaphoreQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setName(name)
                                .setInspect(InspectSemaphore.getDefaultInstance())))
                .getSemaphore()
                .getInspection();
    }

    SemaphoreList listSemaphores(ListSemaphores.Builder list) {
        return script.query(Query.newBuilder()
                        .setSemaphore(SemaphoreQuery.newBuilder().setList(list)))
                .getSemaphore()
                .getList();
    }

    // Cache.

    Outcome put(String key, String json) {
        return put(key, json, 0, false);
    }

    Outcome put(String key, String json, long ttlMillis, boolean keepTtl) {
        return cache(
                key,
                b -> b.setPut(PutValue.newBuilder()
                        .setValue(json(json))
                        .setTtlMillis(ttlMillis)
                        .setKeepTtl(keepTtl)));
    }

    Outcome putAll(PutValues.Builder values) {
        return putAll("", values);
    }

    /** @param key beside those of the values: none belongs there */
    Outcome putAll(String key, PutValues.Builder values) {
        return cache(key, b -> b.setPutAll(values));
    }

    /** The texts of those keys; null where there is none. */
    List<@Nullable String> getAll(String... keys) {
        List<@Nullable String> texts = new ArrayList<>();
        for (GotValue got : askForAll(keys).getCache().getGotAll().getValuesList()) {
            texts.add(got.hasEntry() ? got.getEntry().getValue().toStringUtf8() : null);
        }
        return texts;
    }

    ErrorCode getAllRefused(String... keys) {
        return askForAll(keys).getError().getCode();
    }

    private Answer askForAll(String... keys) {
        return script.query(Query.newBuilder()
                .setCache(CacheQuery.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setGetAll(GetValues.newBuilder().addAllKeys(List.of(keys)))));
    }

    Outcome sliding(String key, String json, long ttlMillis) {
        return cache(
                key,
                b -> b.setPut(PutValue.newBuilder()
                        .setValue(json(json))
                        .setTtlMillis(ttlMillis)
                        .setSliding(true)));
    }

    Outcome opaque(String key, ByteString value) {
        return cache(key, b -> b.setPut(PutValue.newBuilder().setValue(value).setOpaque(true)));
    }

    Outcome touch(String... keys) {
        return cache("", b -> b.setTouch(TouchValues.newBuilder().addAllKeys(List.of(keys))));
    }

    Outcome configure(long entriesMax, long bytesMax, long ttlMillis) {
        return cache(
                "",
                b -> b.setConfigure(ConfigureCache.newBuilder()
                        .setSettings(CacheSettings.newBuilder()
                                .setEntriesMax(entriesMax)
                                .setBytesMax(bytesMax)
                                .setTtlMillis(ttlMillis))));
    }

    Outcome clear(String prefix) {
        return cache(prefix, b -> b.setClear(ClearValues.getDefaultInstance()));
    }

    CacheNamespace cacheSettings() {
        return script.query(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setSettings(GetCacheSettings.getDefaultInstance())))
                .getCache()
                .getSettings();
    }

    GotValue got(String key) {
        return script.query(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setKey(key)
                                .setGet(GetValue.getDefaultInstance())))
                .getCache()
                .getGot();
    }

    Outcome delete(String key) {
        return cache(key, b -> b.setDelete(DeleteValue.getDefaultInstance()));
    }

    /** @param next null to delete */
    Outcome compareAndSet(String key, Expectation.Builder expect, @Nullable String next) {
        return compareAndSet(key, expect, next, 0);
    }

    Outcome compareAndSet(String key, Expectation.Builder expect, @Nullable String next, long ttlMillis) {
        CompareAndSet.Builder cas = CompareAndSet.newBuilder().setExpect(expect).setTtlMillis(ttlMillis);
        if (next != null) {
            cas.setNext(json(next));
        }
        return cache(key, b -> b.setCompareAndSet(cas));
    }

    Outcome increment(String key, long by) {
        return increment(key, by, 0);
    }

    Outcome increment(String key, long by, long ttlMillis) {
        return cache(key, b -> b.setIncrement(Increment.newBuilder().setBy(by).setTtlMillis(ttlMillis)));
    }

    Outcome increment(String key, double by) {
        return cache(key, b -> b.setIncrement(Increment.newBuilder().setByDecimal(by)));
    }

    private Outcome cache(String key, UnaryOperator<CacheCommand.Builder> operation) {
        CacheCommand.Builder cache =
                CacheCommand.newBuilder().setNamespace(NAMESPACE).setKey(key);
        return send(Command.newBuilder().setCache(operation.apply(cache)));
    }

    Optional<CacheEntry> entry(String key) {
        var got = script.query(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setKey(key)
                                .setGet(GetValue.getDefaultInstance())))
                .getCache()
                .getGot();
        return got.hasEntry() ? Optional.of(got.getEntry()) : Optional.empty();
    }

    Optional<String> get(String key) {
        return entry(key).map(entry -> entry.getValue().toStringUtf8());
    }

    ScannedValues scan(String prefix, String after, int limit) {
        return script.query(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setKey(prefix)
                                .setScan(ScanValues.newBuilder().setAfter(after).setLimit(limit))))
                .getCache()
                .getScanned();
    }

    // Builds.

    Outcome reserve(String key, long buildMillis, long waitMillis) {
        return build(
                key,
                b -> b.setReserve(
                        ReserveBuild.newBuilder().setBuildMillis(buildMillis).setWaitMillis(waitMillis)));
    }

    Outcome complete(String key, long token, String json) {
        return complete(key, token, json, 0);
    }

    Outcome complete(String key, long token, String json, long ttlMillis) {
        return build(
                key,
                b -> b.setComplete(CompleteBuild.newBuilder()
                        .setToken(token)
                        .setValue(json(json))
                        .setTtlMillis(ttlMillis)));
    }

    Outcome fail(String key, long token, String message) {
        return build(
                key,
                b -> b.setFail(FailBuild.newBuilder()
                        .setToken(token)
                        .setFailure(BuildFailure.newBuilder()
                                .setType("java.io.IOException")
                                .setMessage(message)
                                .setCode("E1"))));
    }

    Outcome cancelReserve(String key, long requestSeq) {
        return build(key, b -> b.setCancel(CancelReserve.newBuilder().setRequestSeq(requestSeq)));
    }

    Outcome reserve(String key, ReserveBuild.Builder reserve) {
        return build(key, b -> b.setReserve(reserve));
    }

    /** Waits without ever building. */
    Outcome await(String key, long waitMillis) {
        return reserve(key, ReserveBuild.newBuilder().setOnlyWait(true).setWaitMillis(waitMillis));
    }

    Outcome complete(String key, CompleteBuild.Builder complete, String json) {
        return build(key, b -> b.setComplete(complete.setValue(json(json))));
    }

    Outcome failKept(String key, long token, long keepMillis) {
        return build(
                key,
                b -> b.setFail(FailBuild.newBuilder()
                        .setToken(token)
                        .setFailure(BuildFailure.newBuilder().setMessage("kept"))
                        .setKeepMillis(keepMillis)));
    }

    Outcome touchBuild(String key) {
        return build(key, b -> b.setTouch(TouchBuild.getDefaultInstance()));
    }

    Outcome putBuild(String key, String json) {
        return putBuild(key, PutBuild.newBuilder(), json);
    }

    Outcome putBuild(String key, PutBuild.Builder put, String json) {
        return build(key, b -> b.setPut(put.setValue(json(json))));
    }

    Outcome clearBuilds(String prefix) {
        return build(prefix, b -> b.setClear(ClearBuilds.getDefaultInstance()));
    }

    BuildList listBuilds(String prefix, String after, int limit) {
        return script.query(Query.newBuilder()
                        .setBuild(BuildQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setKey(prefix)
                                .setList(ListBuilds.newBuilder().setAfter(after).setLimit(limit))))
                .getBuild()
                .getList();
    }

    Outcome deleteBuild(String key) {
        return build(key, b -> b.setDelete(DeleteBuild.getDefaultInstance()));
    }

    Outcome progress(String key, long token, String json) {
        return build(
                key,
                b -> b.setProgress(ReportProgress.newBuilder().setToken(token).setProgress(json(json))));
    }

    private Outcome build(String key, UnaryOperator<BuildCommand.Builder> operation) {
        BuildCommand.Builder build =
                BuildCommand.newBuilder().setNamespace(NAMESPACE).setKey(key);
        return send(Command.newBuilder().setBuild(operation.apply(build)));
    }

    BuildStatus status(String key) {
        return script.query(Query.newBuilder()
                        .setBuild(BuildQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setKey(key)
                                .setGet(GetBuild.getDefaultInstance())))
                .getBuild()
                .getStatus();
    }

    // The session itself.

    Outcome close() {
        return send(Command.newBuilder()
                .setSession(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance())));
    }

    Outcome acknowledge() {
        return send(Command.newBuilder()
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance())));
    }

    /** Sends the last command once more, as it was. */
    Outcome again() {
        return again(sent);
    }

    Outcome again(Command command) {
        return new Outcome(script.apply(command), script.last().changes());
    }

    /** The last command sent. */
    Command sent() {
        return sent;
    }

    // Commands by themselves, without session and seq.

    Command.Builder putCommand(String key, String json) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(key)
                        .setPut(PutValue.newBuilder().setValue(json(json))));
    }

    Command.Builder expectCommand(String key, String json) {
        return Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setKey(key)
                        .setCompareAndSet(CompareAndSet.newBuilder()
                                .setExpect(Expectation.newBuilder().setValue(json(json)))
                                .setNext(json(json))));
    }

    Command.Builder releaseCommand(String name, long token) {
        return Command.newBuilder()
                .setLock(LockCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .addNames(name)
                        .setRelease(ReleaseLock.newBuilder().setToken(token)));
    }

    /** Gives a command this session and its next seq, to be applied by other means. */
    Command stamp(Command.Builder command) {
        address(command);
        seq++;
        return sent;
    }

    /** Applies a command without asking admission. */
    Outcome force(Command.Builder command) {
        return again(stamp(command));
    }

    /** As a server does: in place of what admission refuses, an acknowledgement uses up the seq. */
    Outcome send(Command.Builder command) {
        Command asked = stamp(command);
        Optional<Error> refusal = script.refuse(asked);
        if (refusal.isEmpty()) {
            return again(asked);
        }
        script.apply(asked.toBuilder()
                .clearGuard()
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()))
                .build());
        return Outcome.refused(refusal.get());
    }

    private void address(Command.Builder command) {
        command.setSessionId(id).setSeq(seq + 1).setAckedSeq(ackedSeq).setAckedEvent(ackedEvent);
        if (guard != null) {
            command.setGuard(guard);
            guard = null;
        }
        sent = command.build();
    }

    /** The events since the last call. */
    List<Event> heard() {
        return script.take(id);
    }

    /** Expects exactly these events since the last call. */
    List<Event> hears(Enum<?>... expected) {
        List<Event> events = heard();
        assertThat(events).extracting(Actor::bodyCase).containsExactly(expected);
        return events;
    }

    /** Expects one grant and returns its token. */
    long hearsGrant() {
        return hears(LockEvent.OutcomeCase.GRANTED)
                .get(0)
                .getLock()
                .getGranted()
                .getToken();
    }

    /** Expects one grant of permits and returns its token. */
    long hearsPermits() {
        return hears(SemaphoreEvent.OutcomeCase.GRANTED)
                .get(0)
                .getSemaphore()
                .getGranted()
                .getToken();
    }

    private static Enum<?> bodyCase(Event event) {
        return switch (event.getBodyCase()) {
            case LOCK -> event.getLock().getOutcomeCase();
            case BUILD -> event.getBuild().getOutcomeCase();
            case SEMAPHORE -> event.getSemaphore().getOutcomeCase();
            case TOPIC -> event.getTopic().getOutcomeCase();
            case RPC -> event.getRpc().getOutcomeCase();
            case JOB -> event.getJob().getOutcomeCase();
            case BODY_NOT_SET -> event.getBodyCase();
        };
    }

    static ByteString json(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
